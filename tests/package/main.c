/* A program that uses the installed package: the library in ten lines. */
#include <stdio.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

int main(void)
{
    static unsigned char memory[1 << 20];
    static const char layers[] = "conv3-64,maxpool,FC-4096";
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = {"224", 3}};
    cnn_network net = {0};
    cnn_error err = {0};
    if (!cnn_network_read(&arena, (cnn_text){layers, strlen(layers)}, &settings, &net, &err)) {
        puts(cnn_error_id(&err));
        return 1;
    }
    printf("%s %lld\n", cnn_op_name(net.layers[1].op), (long long)net.totals.params);
    return net.totals.params != 3288340224;
}
