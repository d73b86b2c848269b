"""What listens on the port: moto's server, the guard before it, and the clients that pass the guard."""
