/*
 * Every byte at every position of fifty lists, put in and put in place of what stands there. What
 * comes out is a network that can be reported, or an error whose places lie in the text. Built with
 * sanitizers; prints how many texts there were, or the first one that breaks a rule.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

static const char *const lists[] = {
    "conv3-64,maxpool,FC-4096",
    "conv3-64 s2 p1 d2 g1 b0 same",
    "conv3x1-64/2x1 p1x0 valid",
    "dwconv3-8,deconv2-8 s2 p1 op1",
    "input 28 gray\nconv5-6,avgpool",
    "input (3 x 32 x 32)\nrelu",
    "input vector 784\nFC-10",
    "input: 64x48 RGB images;id",
    "# comment\nrelu # more\n,bn",
    "a: conv1-8, add(@a | id)",
    "cat(conv1-8 | @input | id), c: id",
    "split(id | conv3-c), shuffle3",
    "mul(id | gap, sigmoid), aux(gap, FC-5)",
    "3x(conv3-8,relu), 2*bn, (1+1)*id",
    "n=4; conv3-n, conv3-(2*n) s(n/2)",
    "f(n,s=1)=conv3-n s(s),bn;f(8,s=2)",
    "up(n,skip)=u: deconv2-n s2,cat(skip | id);a:id,maxpool,up(8,@a)",
    "conv3-8,(conv1-(c*2) s(h/w),relu)",
    "maxpool3/2 ceil,avgpool2 s1 p1",
    "gap,gmp;aap7,amp(3)x(4)",
    "bn,ln,gn32,in,scale,bias",
    "prelu,prelu1,se-2",
    "relu6,lrelu,hard-swish,soft-max",
    "dropout0.5,droppath0.1,LRN5",
    "flatten,reshape 3x224x224",
    "upsample2,resize56x56,crop8,pad(1)",
    "resize@input,crop@input",
    "chpad-8,pixshuf2,shuffle1",
    "conv(1+2*3-4)-(8/2)",
    "conv3-64s2p1x3b0",
    "CONV3-64,Max-Pool,Fc-10",
    "conv3\xC3\x97"
    "3-8,2\xC3\x97relu",
    "\xEF\xBB\xBFrelu,\tbn\r\nid",
    "relu,,bn",
    "conv3-64 maxpool",
    "conv3-?,p?",
    "((((relu))))",
    "2*(2*(2*(2*id)))",
    "1.2: id, 3a: id, _x: id, @1.2",
    "f=relu\nf,f\nf(1)",
    "neck(k)=add(conv1-k|id),relu\n2*neck(3)",
    "row(t,n)=n*t;row(relu,3);row((bn,id),2)",
    "9223372036854775807*id",
    "conv3-9223372036854775807",
    "conv9999999999-1",
    "0*conv,id",
    "FC-10 b0,linear-5",
    "convT4-3 s2 p1, elu",
    "silu,swish,mish,gelu,tanh,softplus",
    "id;;\n\n;id",
};

enum { MEMORY = 1 << 22, LONGEST = 256 };

static bool swallow(void *user, const char *data, size_t size)
{
    (void)data;
    *(size_t *)user += size;
    return true;
}

/* NULL, or the rule that is broken. */
static const char *check(cnn_text text, unsigned char *memory)
{
    static const char *const formats[] = {"table", "json", "csv"};
    static unsigned turn;
    size_t written = 0;
    cnn_writer to = {swallow, &written};
    cnn_arena arena = cnn_arena_over(memory, MEMORY);
    cnn_network net = {0};
    cnn_error err = {0};
    const char *format = formats[turn++ % 3];
    const cnn_report_options options = {.format = {format, strlen(format)}, .all = turn % 2 != 0};
    if (cnn_network_read(&arena, text, NULL, &net, &err)) {
        if (!cnn_report_write(&net, &options, arena, &to, &err)) {
            return err.code == CNN_OUT_OF_MEMORY ? NULL : "a report fails";
        }
        return written > 0 && cnn_remarks_write(&net, &options, arena, &to) ? NULL : "no report";
    }
    if (err.code == CNN_OK || err.code == CNN_WRITE_FAILED) {
        return "no error";
    }
    if (err.span.begin > err.span.end || err.span.end > text.size ||
        err.call.begin > err.call.end || err.call.end > text.size) {
        return "a place outside the text";
    }
    return cnn_error_write(&err, text, (cnn_text){"list", 4}, &to) && written > 10 ? NULL
                                                                                   : "no message";
}

/* Checks a text in a block of just its size, so that a step beyond it is noticed. */
static const char *check_exact(const char *text, size_t size, unsigned char *memory)
{
    char *exact = malloc(size == 0 ? 1 : size);
    if (exact == NULL) {
        return "no memory";
    }
    memcpy(exact, text, size);
    const char *broken = check((cnn_text){exact, size}, memory);
    free(exact);
    return broken;
}

int main(void)
{
    unsigned char *memory = malloc(MEMORY);
    long count = 0;
    const char *broken = memory == NULL ? "no memory" : NULL;
    char text[LONGEST];
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const size_t size = strlen(lists[i]);
        for (size_t at = 0; at <= size; at++) {
            for (int c = 0; c < 256; c++) {
                for (size_t cover = 0; cover <= (at < size) && broken == NULL; cover++) {
                    memcpy(text, lists[i], at);
                    text[at] = (char)c;
                    memcpy(text + at + 1, lists[i] + at + cover, size - at - cover);
                    broken = check_exact(text, size + 1 - cover, memory);
                    count++;
                    if (broken != NULL) {
                        printf("%s: list %zu, byte %d at %zu\n", broken, i, c, at);
                    }
                }
            }
            if (broken == NULL && (broken = check_exact(lists[i], at, memory)) != NULL) {
                printf("%s: list %zu cut at %zu\n", broken, i, at);
            }
            count++;
        }
    }
    free(memory);
    if (broken == NULL) {
        printf("%ld\n", count);
    }
    return broken != NULL;
}
