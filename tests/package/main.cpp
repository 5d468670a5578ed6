// The same from C++: the header is one that both languages read.
#include <cstdio>
#include <cstring>

#include <cnncalc/cnncalc.h>

int main()
{
    static unsigned char memory[1 << 20];
    const char *layers = "conv3-64,maxpool,FC-4096";
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_settings settings = cnn_settings();
    settings.input = cnn_text{"224", 3};
    cnn_network net = cnn_network();
    cnn_error err = cnn_error();
    if (!cnn_network_read(&arena, cnn_text{layers, std::strlen(layers)}, &settings, &net, &err)) {
        std::puts(cnn_error_id(&err));
        return 1;
    }
    std::printf("%s %lld\n", cnn_op_name(net.layers[1].op), static_cast<long long>(net.totals.params));
    return net.totals.params != 3288340224;
}
