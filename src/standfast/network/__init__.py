"""Who reaches whom: layers of ties as sparse rows, their generators and diagnostics."""
