"""What the program costs as ratios measured side by side in one run: `./dev bench`."""
