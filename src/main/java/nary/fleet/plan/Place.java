package nary.fleet.plan;

/**
 * One server in one stage; a server may have a place in several stages.
 *
 * @param stage from 0
 * @param server its name in the configuration; {@link Stage#LOCAL} where there is none
 */
public record Place(int stage, String server) {
    @Override
    public String toString() {
        return server;
    }
}
