"""Every page of the portal and every state of it, as data: photographed, checked, measured.

A scene says who looks, in which world and at which address; a world is a database filled by operations and factories. The
worlds are served by a process of their own whose clock stands still, so that two runs show the same.
"""
