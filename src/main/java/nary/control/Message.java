package nary.control;

import nary.supervisor.Notice;

/** What a server says. */
public sealed interface Message {

    /** The first line of a connection. */
    record Hello(int protocol, String version, int pid, String ipc, String directory) implements Message {}

    record Event(Notice notice) implements Message {}

    /** @param id of the request */
    record Answer(long id, Reply reply) implements Message {}

    /** What came was no request; the connection is closed after it. */
    record Rejected(String reason) implements Message {}
}
