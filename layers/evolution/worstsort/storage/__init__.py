"""Everything kept of a run in DynamoDB and S3. `RunStore` is the only door; the other modules serve it."""
