"""What a static reader can know: places, values, texts with holes, worlds."""
