package nary.fleet.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import nary.fleet.Host;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.RemoteException.Kind;
import org.junit.jupiter.api.Test;

class TroubleTest {
    private static final Host WEB = Host.of("web1").withUser("deploy").withPort(2222);

    private static Fault fault(Kind kind, Host host) {
        return new Trouble("ssh -F qa.conf").of(new RemoteException(host, kind, "what is wrong"), host);
    }

    @Test
    void eachReasonWhyAServerCannotBeReachedHasItsCommand() {
        assertThat(fault(Kind.DENIED, WEB)).isEqualTo(new Fault("what is wrong", "ssh-copy-id -F qa.conf -p 2222 deploy@web1"));
        assertThat(fault(Kind.HOST_KEY_UNKNOWN, Host.of("web1")).fix()).isEqualTo("ssh -F qa.conf web1 true");
        assertThat(fault(Kind.HOST_KEY_CHANGED, WEB).fix()).isEqualTo("if it was set up anew: ssh-keygen -R '[web1]:2222' && ssh -F qa.conf -p 2222 deploy@web1 true");
        assertThat(fault(Kind.NO_ANSWER, WEB).fix()).isEqualTo("ssh -F qa.conf -v -p 2222 deploy@web1 true");
        for (Kind kind : Kind.values()) assertThat(fault(kind, WEB).fix()).isNotBlank();
    }
}
