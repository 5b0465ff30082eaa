"""The interop suite: peers known only through the peer contract, and one matrix of cells over all of them."""
