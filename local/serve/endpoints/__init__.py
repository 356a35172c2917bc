"""What a laptop's Function Compute can be called by: HTTP trigger, API gateways, Invoke API."""
