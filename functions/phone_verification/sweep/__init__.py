"""The sweep of function 2: which pending verifications to send, in what order, when to stop, and its report."""
