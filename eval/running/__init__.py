"""Running a suite, the folder a run is kept in, comparing two runs, the gate."""
