"""What an institution wears: its logo and its two colours, made fit for pages in light and dark."""
