"""`fcapi serve`: Function Compute on a laptop, with its faces, its queue of events, and its timer."""
