/* The parameters of VGG-16's first layers, by way of the library. */
#include <cnncalc/cnncalc.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static unsigned char memory[1 << 18];
    const char *list = "conv3-64,conv3-64,maxpool";
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_network net = {0};
    cnn_error err = {0};
    if (!cnn_network_read(&arena, (cnn_text){list, strlen(list)}, NULL, &net, &err)) {
        printf("%s at byte %u\n", cnn_error_id(&err), (unsigned)err.span.begin);
        return 1;
    }
    printf("%lld parameters\n", (long long)net.totals.params);
    return 0;
}
