/*
 * Any bytes as a layer list: the parser, the expansion, the sizes, and every report. Besides what
 * the sanitizers watch, these must hold:
 *
 *   - an error lies within the text, and its message can be written;
 *   - totals are the sums of the layers;
 *   - the canonical text reads back to the same totals and output;
 *   - what is read twice is the same twice.
 */
#include "base/text.h"
#include "explain/explain.h"
#include "report/report.h"
#include "target.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 20 };

static _Alignas(16) unsigned char first_memory[MEMORY], second_memory[MEMORY];
static char room[TEXT];
static collected written = {room, TEXT, 0};

static void check_totals(const cnn_network *net)
{
    cnn_totals sum = {0};
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const int64_t params = layer->weights + layer->biases;
        require(layer->weights >= 0 && layer->biases >= 0 && layer->macs >= 0);
        require(layer->out.channels > 0);
        for (int32_t axis = 0; axis < layer->out.axes; axis++) {
            require(layer->out.side[axis] > 0);
        }
        sum.params += params;
        sum.params_without_aux += layer->aux ? 0 : params;
        sum.weights += layer->weights;
        sum.biases += layer->biases;
        sum.statistics += layer->statistics;
        sum.statistics_without_aux += layer->aux ? 0 : layer->statistics;
        sum.macs += layer->macs;
    }
    require(memcmp(&sum, &net->totals, sizeof sum) == 0);
}

/* Labels in the canonical text may nest deeper than the list did; everything else must read. */
static void check_canonical(const cnn_network *net)
{
    cnn_writer to = collect_anew(&written);
    cnn_error unwritten = {0};
    if (!cnn_network_write(net, cnn_arena_over(second_memory, MEMORY), &to, &unwritten)) {
        return; /* longer than the buffer */
    }
    cnn_arena arena = cnn_arena_over(second_memory, MEMORY);
    cnn_network again = {0};
    cnn_error err = {0};
    if (!cnn_network_read(&arena, (cnn_text){written.data, written.size}, NULL, &again, &err)) {
        require(err.code == CNN_OUT_OF_MEMORY || strcmp(cnn_error_id(&err), "nesting") == 0);
        return;
    }
    require(memcmp(&again.totals, &net->totals, sizeof again.totals) == 0);
    require(cnn_shapes_equal(&again.layers[again.output].out, &net->layers[net->output].out));
}

/* Every format, and the working; which of them, and what else is asked for, the text decides. */
static void check_reports(const cnn_network *net, cnn_arena scratch, unsigned choice)
{
    static const char *const columns[] = {
        "", "+share,memory", "index,layer,path,kind,window,input,output,aux", "+rf,jump,start"};
    cnn_error err = {0};
    const cnn_report_options options = {
        .format = cnn_text_of(cnn_formats[choice % CNN_FORMATS].name),
        .columns = cnn_text_of(columns[choice / 16 % CNN_LENGTH(columns)]),
        .all = choice / 64 % 2 == 1,
        .samples = choice / 128 % 2 == 1 ? INT32_MAX : 1,
    };
    const bool explain = choice / 256 % 2 == 1;
    cnn_writer to = collect_anew(&written);
    if ((explain ? cnn_explain_write : cnn_report_write)(net, &options, scratch, &to, &err)) {
        (void)cnn_remarks_write(net, &options, scratch, &to);
    } else {
        require(err.code != CNN_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cnn_text text = {(const char *)data, size};
    cnn_arena arena = cnn_arena_over(first_memory, MEMORY);
    cnn_network net = {0};
    cnn_error err = {0};
    if (!cnn_network_read(&arena, text, NULL, &net, &err)) {
        require(err.call.begin <= err.call.end && err.call.end <= text.size);
        require_told(&err, text, &written);
        return 0;
    }
    require(err.code == CNN_OK);
    require(net.output >= 0 && net.output < net.layer_count);
    check_totals(&net);
    check_canonical(&net);
    unsigned choice = 0;
    for (size_t i = 0; i < size; i++) {
        choice = choice * 31 + data[i];
    }
    check_reports(&net, arena, choice);
    return 0;
}
