"""Who: synthetic people made from the order of battle, never from records of anybody."""
