"""What `make deploy`, `make base-image` and `make destroy` do: they need AWS credentials, SAM and Docker."""
