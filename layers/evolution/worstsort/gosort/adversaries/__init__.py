"""Players that decide the outcomes of a sort's comparisons, and the inputs that follow from their decisions."""
