package nary.cli.naught;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.cli.Context;
import nary.cli.Supervision;
import nary.config.Launch;
import nary.control.Refusal;
import nary.control.Reply;
import nary.control.TallyCodec;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** {@code naught start --daemon-mode false}: this process is the supervisor; a Node program that started it hears every event. */
final class Foreground {
    private final Context context;

    Foreground(Context context) {
        this.context = context;
    }

    int run(Launch launch) throws IOException, InterruptedException {
        try (ParentChannel parent = ParentChannel.open(context.parts().posix().get())) {
            try {
                return supervise(launch, parent);
            } catch (IOException | Refusal e) {
                parent.say(TallyCodec.error(String.valueOf(e.getMessage())));
                throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
            }
        }
    }

    private int supervise(Launch launch, ParentChannel parent) throws IOException, Refusal, InterruptedException {
        var hasFailed = new AtomicBoolean();
        var listener = new Supervision.Listener() {
            @Override
            public void listening() {
                parent.say(TallyCodec.event("IpcListening"));
            }

            @Override
            public void notice(Notice notice) {
                notice.tally().ifPresent(tally -> parent.say(TallyCodec.event(notice, tally)));
            }

            @Override
            public void started(Reply.Ended ended) {
                hasFailed.set(ended.outcome() instanceof Outcome.Failed);
            }
        };
        var supervision = new Supervision(launch, context.caller().environment(), context.console());
        int code = supervision.run(context.parts().engine().get(), listener);
        if (hasFailed.get()) context.console().err("The server crashed without booting. Check stderr.log.");
        return code;
    }
}
