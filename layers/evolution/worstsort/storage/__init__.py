"""Everything stored about runs in DynamoDB and S3. `RunStore` is the only door; the other modules serve it."""
