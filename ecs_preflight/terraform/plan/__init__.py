"""Plans, as terraform show -json prints them."""
