package nary.supervisor;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import nary.config.Hooks.Hook;
import nary.config.Launch;
import nary.config.Release;
import nary.log.EventLog;
import nary.posix.Pid;
import nary.rollout.Reason;

/** What a hook's command finds in its environment: the app's own, and what has happened. A fact that there is none of is empty. */
final class HookFacts {
    private HookFacts() {}

    static Map<String, String> environment(Hook hook, Notice notice, Launch launch, Release release) {
        Map<String, String> all = new HashMap<>(release.environment());
        all.put("PWD", release.physical());
        all.put("NARY_EVENT", hook.occasion().text());
        all.put("NARY_KIND", notice.name());
        all.put("NARY_APP", String.join(" ", release.command()));
        all.put("NARY_DIRECTORY", release.directory());
        all.put("NARY_IPC", launch.files().ipc());
        all.put("NARY_GENERATION", notice.generation().map(String::valueOf).orElse(""));
        all.put("NARY_SLOT", notice.worker().map(it -> Integer.toString(it.slot())).orElse(""));
        all.put("NARY_PID", notice.pid().map(Pid::toString).orElse(""));
        all.put("NARY_REASON", notice.reason().map(Reason::text).orElse(""));
        all.put("NARY_TEXT", notice.text());
        all.put("NARY_TIME", EventLog.time(notice.at().orElseGet(Instant::now)));
        return all;
    }
}
