"""Commands for a running window or `granite-live listen`, through its local socket."""
