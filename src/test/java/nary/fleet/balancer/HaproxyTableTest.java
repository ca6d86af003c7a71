package nary.fleet.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HaproxyTableTest {
    /** From HAProxy 2.6.12, some columns left out. */
    private static final String ANSWER = """
            Name: HAProxy
            Version: 2.6.12-1+deb12u3
            Pid: 4711
            Uptime: 0d 0h00m12s
            Uptime_sec: 12

            1
            # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port
            3 app 1 web1 10.0.0.1 2 0 100 100 12 15 3 4 6 0 0 0 - 8080
            3 app 2 web2 10.0.0.2 2 8 50 100 12 15 3 4 6 0 0 0 - 8080
            3 app 3 web3 10.0.0.3 0 1 100 100 12 15 3 4 6 0 0 0 - 8080
            4 api 1 web1 10.0.0.1 2 0 1 1 12 1 0 0 0 0 0 0 - 9090

            # pxname,svname,qcur,scur,status,weight,bck,check_status,last_chk
            app,web1,0,3,UP,100,0,L7OK,"HTTP content check, said ""yes\"""
            app,web2,1,2,DRAIN 1/2,50,0,* L7OK,
            app,web3,0,0,MAINT,100,0,L4CON,
            api,web1,0,1,no check,1,1,,

            """;

    @Test
    void allServersAtOneMoment() {
        HaproxyTable table = HaproxyTable.parse(ANSWER);
        assertThat(table.instance()).isEqualTo("pid 4711");
        assertThat(table.rows().get(0))
                .isEqualTo(new HaproxyTable.Row("app", "web1", "10.0.0.1:8080", "UP", "L7OK", 0, 100, 100, 3, 0, false));
        assertThat(table.rows()).extracting(HaproxyTable.Row::state)
                .containsExactly(Standing.State.IN, Standing.State.DRAINING, Standing.State.OUT, Standing.State.IN);
        HaproxyTable.Row drained = table.rows().get(1);
        assertThat(drained.hasPassed()).isTrue();
        assertThat(drained.isFullyUp()).isFalse();
        assertThat(table.rows().get(2).hasPassed()).isFalse();
        assertThat(table.rows().get(3).isChecked()).isFalse();
        assertThat(table.rows().get(3).isBackup()).isTrue();
    }

    @Test
    void quotedFields() {
        assertThat(HaproxyTable.csv("a,\"b,\"\"c\"\"\",,d")).isEqualTo(List.of("a", "b,\"c\"", "", "d"));
    }

    @Test
    void whatIsNoAnswerOfHaproxy() {
        assertThatThrownBy(() -> HaproxyTable.parse("HTTP/1.1 400 Bad Request\n")).hasMessage("no answer of HAProxy: HTTP/1.1 400 Bad Request");
        assertThatThrownBy(() -> HaproxyTable.parse("")).hasMessage("no answer of HAProxy: nothing");
    }
}
