package nary.cli;

import java.io.IOException;
import nary.config.Launch;
import nary.control.Refusal;
import nary.control.Reply;
import nary.supervisor.Notice;

/** {@code nary start --daemon-mode false}: this process is the supervisor; notices on stderr. */
final class Foreground {
    private final Context context;

    Foreground(Context context) {
        this.context = context;
    }

    ExitCode run(Launch launch) throws Refusal, IOException, InterruptedException {
        try (LineWriter lines = new LineWriter("notices", context.console().errStream())) {
            var listener = new Supervision.Listener() {
                @Override
                public void notice(Notice notice) {
                    lines.write(notice.text());
                }

                @Override
                public void started(Reply.Ended ended) {
                    for (String line : ended.lastErrors()) lines.write("  | " + line);
                    lines.write(ended.outcome().text());
                }
            };
            var supervision = new Supervision(launch, context.caller().environment(), context.console());
            return new ExitCode(supervision.run(context.parts().engine().get(), listener));
        }
    }
}
