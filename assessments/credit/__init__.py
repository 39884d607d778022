"""Credit: whole minutes in, exact amounts out, and the chain that keeps them."""
