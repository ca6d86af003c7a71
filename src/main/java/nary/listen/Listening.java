package nary.listen;

import nary.posix.Address;
import nary.posix.Sockets;

/** One listening socket of a worker, and its accept queue. */
public record Listening(Address address, Sockets.Queue queue) {}
