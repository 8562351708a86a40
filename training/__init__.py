"""From hand-written pairs to the LoRA adapter of the embedded model; nothing imports this package."""
