package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs on the kernel's TCP against servers on ours. */
class KernelClientTest {
    private static final long SIZE = 100_000_000;
    private static final String URL_V4 = "http://" + TunHost.V4 + ":80/";
    private static final String URL_V6 = "http://[" + TunHost.V6 + "]:80/";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void curlGetsAndPuts(boolean offload) throws Exception {
        try (KernelHost kernel = KernelHost.create("curl", "sha256sum"); TunHost host = TunHost.open(kernel, offload)) {
            host.serve(80, WebService::new);
            String digest = Pattern.digest(SIZE);
            for (String url : new String[] {URL_V4, URL_V6}) {
                String file = kernel.file("got").toString();
                kernel.run("curl -sSf -o " + file + " " + url + SIZE);
                assertEquals(digest, kernel.run("sha256sum " + file).substring(0, 64), "GET " + url);
                assertEquals(digest, kernel.run("curl -sSf -T " + file + " " + url).strip(), "PUT " + url);
            }
        }
    }
}
