"""What a run is: its configuration, records, epochs and champion. Nothing here knows AWS."""
