package nary.listen;

import nary.posix.Fd;

/** What the responder is to answer. */
sealed interface Answer {
    /** The call is done: 0. */
    record Success() implements Answer {}

    record Failure(int errno) implements Answer {}

    /** Put this socket over the worker's own, then answer 0. @param isBorrowed false: close it then */
    record Replace(Fd ours, boolean isBorrowed) implements Answer {}
}
