package nary.worker;

/**
 * What still ties a worker to its clients at one moment.
 *
 * @param arriving what may be on its way to it: handshakes of when its drain began, connections that nobody shows, threads that may be accepting one
 * @param queued connections in its accept queues
 * @param active connections of its tree on served ports that are not idle
 * @param idle connections quiet for the idle grace, whose last word was the server's
 */
public record DrainSample(int arriving, int queued, int active, int idle) {
    public boolean isQuiet() {
        return arriving == 0 && queued == 0 && active == 0;
    }
}
