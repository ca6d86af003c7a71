package nary.fleet.roll;

import java.util.Optional;
import nary.fleet.spec.Share;

/**
 * What an operator asks for beside what the file says.
 *
 * @param build only this one; empty: all
 * @param release the id; empty: made of the time
 * @param canary a server's name, without case
 * @param isRollback the release is on the servers already; nothing is sent
 */
public record Wish(
        String environment,
        Optional<String> build,
        Optional<String> release,
        Optional<Share> batch,
        Optional<String> canary,
        Optional<Share> maxFailures,
        boolean pauses,
        boolean keeps,
        boolean isRollback) {}
