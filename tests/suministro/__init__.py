"""What the portal is made of: the locked packages, their licences, the floors under which a known fault is in them."""
