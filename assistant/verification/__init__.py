"""Does a sentence say only what its sources say? Figures, actors, modals, fixed formulations."""
