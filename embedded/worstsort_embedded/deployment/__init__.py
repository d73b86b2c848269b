"""What a deployment brings: the image of the jobs, and changes of a stack that exists."""
