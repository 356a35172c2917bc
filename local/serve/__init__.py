"""`fcapi serve`: Function Compute on a laptop, with its endpoints, its queue of events, and its timer."""
