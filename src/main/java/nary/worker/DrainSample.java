package nary.worker;

/**
 * What still ties a worker to its clients at one moment.
 *
 * @param arriving handshakes and connections that were on their way when its drain began, and are in nobody's hands yet: they may be its own
 * @param queued connections in its accept queues
 * @param active connections of its tree on served ports that are not idle
 * @param idle connections quiet for the idle grace, whose last word was the server's
 */
public record DrainSample(int arriving, int queued, int active, int idle) {
    public boolean isQuiet() {
        return arriving == 0 && queued == 0 && active == 0;
    }
}
