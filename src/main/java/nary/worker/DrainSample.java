package nary.worker;

/**
 * What still ties a worker to its clients at one moment.
 *
 * @param halfOpen handshakes that were half open when traffic was steered away and still are
 * @param queued connections in its accept queues
 * @param active connections of its tree on served ports that are not idle
 * @param idle connections quiet for the idle grace, whose last word was the server's
 */
public record DrainSample(int halfOpen, int queued, int active, int idle) {
    public boolean isQuiet() {
        return halfOpen == 0 && queued == 0 && active == 0;
    }
}
