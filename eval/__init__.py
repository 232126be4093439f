"""Cases in, scores out: suites, metrics, comparisons, benchmarks."""
