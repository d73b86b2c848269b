"""What runs recorded, made comparable: tidy rows, statistics of independent runs, and how long goals took."""
