"""What somebody who knocks at the door must know: added, looked at again, ended (SHARE-8)."""
