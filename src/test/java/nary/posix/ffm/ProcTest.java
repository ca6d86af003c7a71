package nary.posix.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import nary.posix.Pid;
import nary.posix.Processes.Info;
import nary.posix.SockDiag;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcTest {
    @Test
    void aNameMayHoldSpacesAndParentheses() {
        String stat = "12 (a) R 9 (b) S 1 12 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 5555 100 10";
        assertThat(Proc.info(stat)).isEqualTo(new Info(new Pid(12), new Pid(1), 12, 7, 'S', "a) R 9 (b", 5555));
    }

    /** The fallback tells what sock_diag tells, but for cookies and times; of IPv6 it does not know v6only. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theFallbackAgreesWithSockDiag(String ip) throws Exception {
        var states = EnumSet.of(TcpState.LISTEN, TcpState.ESTABLISHED);
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName(ip));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            client.getOutputStream().write(1);
            int port = server.getLocalPort();
            var slow = ProcNetTcp.connections(java.util.Set.of(port), states);
            assertThat(slow).hasSize(2);
            assertThat(slow.stream().filter(c -> c.state() != TcpState.LISTEN))
                    .containsExactlyElementsOf(new LinuxSockDiag()
                            .connections(port, EnumSet.of(TcpState.ESTABLISHED)).stream().map(ProcTest::reduced).toList());
            assertThat(slow.stream().filter(c -> c.state() == TcpState.LISTEN))
                    .singleElement()
                    .matches(c -> c.local().port() == port && c.inode() > 0 && c.unread() == 1);
        }
    }

    private static Connection reduced(Connection c) {
        return new Connection(c.local(), c.state(), c.inode(), 0, c.uid(), 0, 0, c.unsent(), c.unread(), 0, 0, SockDiag.NONE);
    }
}
