"""The checker of the deployment template, and the template itself."""
