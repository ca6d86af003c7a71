package nary.config;

/**
 * All that a supervisor is started with; handed from the command to the daemon as one JSON line.
 *
 * @param files absolute paths
 */
public record Launch(Release release, Settings settings, Files files) {

    /** @param ipc control socket; log: events; stdout, stderr: the workers' output */
    public record Files(String ipc, String pid, String log, String stdout, String stderr) {}
}
