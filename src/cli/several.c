/*
 * Every operand is read with every input. All networks are kept until all are read, because a table
 * needs every row before its first line. There is one piece of memory for all of them, as large as
 * there is; only what they take is touched.
 */
#include "several.h"

#include <errno.h>
#include <stdlib.h>

#include "complain.h"

/* All that is asked about. */
typedef struct several {
    const options *o;
    cnn_named_network *networks;
    list *lists; /* of each network */
    int count;
    bool wrong; /* a number of pasted code is */
    cnn_arena arena;
    cnn_error err;
} several;

bool several_wanted(const options *o)
{
    return o->operand_count > 1 || (o->input_count > 1 && o->named_inputs == 0);
}

/* Every network with every input. */
static int most_rows(const options *o)
{
    const int inputs = o->named_inputs == 0 && o->input_count > 0 ? o->input_count : 1;
    return (o->operand_count > 0 ? o->operand_count : 1) * inputs;
}

/* The exit status, after a message. */
static int fail_read(several *s, const list *l)
{
    if (s->err.code == CNN_READ_FAILED) {
        return fail_io("cannot read", l->name, l->file.failure);
    }
    show_error(s->o, l, &s->err);
    return s->err.code == CNN_OUT_OF_MEMORY ? FAILED_IO : WRONG_INPUT;
}

/* A model that the language has no layers for still has its size and its sums. */
static bool read_model(several *s, list *l, cnn_network *net)
{
    const options *o = s->o;
    const cnn_byte_source from = {source_read, source_skip, l->model};
    const int inputs = o->named_inputs > 0 ? o->input_count : o->input_count > 0 ? 1 : 0;
    const bool plain = o->report.columns.size == 0 && o->report.format.size == 0;
    prefix note = {.word = "remark", .name = l->name, .quiet = s->o->quiet};
    cnn_writer remarks = {write_remark, &note};
    cnn_model *model = NULL;
    if (!cnn_model_read(&s->arena, &from, &o->inputs[l->input], inputs, &model, &s->err)) {
        return false;
    }
    (void)cnn_model_write_remarks(model, &remarks); /* see write_remark */
    const cnn_arena before = s->arena;
    if (cnn_model_network(model, &s->arena, net, &s->err)) {
        return true;
    }
    if (!plain || s->err.code == CNN_OUT_OF_MEMORY) {
        return false;
    }
    s->arena = before;
    s->err = (cnn_error){0};
    const bool done = cnn_model_whole(model, &s->arena, net, &s->err);
    if (done) {
        net->layers[0].out = (cnn_shape){0}; /* its sums are the model's, its input is not */
    }
    return done;
}

static void remark(several *s, const list *l, const cnn_network *net)
{
    prefix wrong = {.word = "wrong", .name = l->name};
    prefix note = {.word = "remark", .name = l->name, .quiet = s->o->quiet};
    cnn_writer mismatches = {write_remark, &wrong}, remarks = {write_remark, &note};
    s->wrong |= net->pasted != NULL && net->pasted->mismatch_count > 0;
    (void)cnn_mismatches_write(net, &mismatches); /* see write_remark */
    (void)cnn_remarks_write(net, &s->o->report, s->arena, &remarks);
}

/* Reads an operand with one of the inputs. */
static int add(several *s, const char *operand, int input)
{
    list *l = &s->lists[s->count];
    cnn_network *net = &s->networks[s->count].network;
    l->input = input;
    const int status = list_load(s->o, operand, l);
    if (status != FINE) {
        return status;
    }
    if (!options_fit_network(s->o, l->model != NULL)) {
        return WRONG_INPUT;
    }
    const bool done =
        l->model != NULL ? read_model(s, l, net) : list_read(s->o, l, &s->arena, net, &s->err);
    if (!done || (s->o->fold && !cnn_network_fold(net, &s->arena, &s->err))) {
        return fail_read(s, l);
    }
    if (l->model != NULL && !source_close(l->model)) {
        return fail_io("cannot read", l->name, errno);
    }
    /* the same name again where one network has several inputs: its row shows which */
    s->networks[s->count++].name = l->name;
    return FINE;
}

static int read_all(several *s)
{
    const options *o = s->o;
    const int operands = o->operand_count > 0 ? o->operand_count : 1;
    const int inputs = most_rows(o) / operands;
    int status = FINE;
    for (int i = 0; i < operands && status == FINE; i++) {
        for (int k = 0; k < inputs && status == FINE; k++) {
            status = add(s, o->operands[i], k);
        }
    }
    return status;
}

static int write_all(several *s)
{
    cnn_writer to = {stream_write, output};
    if (!cnn_beside_write(s->networks, s->count, &s->o->report, s->arena, &to, &s->err) &&
        s->err.code != CNN_WRITE_FAILED) {
        const int64_t which = s->err.source == CNN_SOURCE_LAYERS ? s->err.index : 0;
        return fail_read(s, &s->lists[which]);
    }
    for (int i = 0; i < s->count; i++) {
        remark(s, &s->lists[i], &s->networks[i].network);
    }
    return s->wrong ? WRONG_ANSWER : FINE;
}

int several_run(const options *o)
{
    const size_t rows = (size_t)most_rows(o);
    several s = {.o = o,
                 .networks = calloc(rows, sizeof *s.networks),
                 .lists = calloc(rows, sizeof *s.lists)};
    size_t size;
    /* several networks are kept at once, so there is more than for one */
    void *memory = most_memory(4 * MOST_MEMORY, &size);
    int status = FAILED_IO;
    if (memory == NULL || s.networks == NULL || s.lists == NULL) {
        fail_io("cannot read", "the networks", ENOMEM);
    } else {
        s.arena = cnn_arena_over(memory, size);
        status = read_all(&s);
        status = status == FINE ? write_all(&s) : status;
    }
    for (size_t i = 0; s.lists != NULL && i < rows; i++) {
        free(s.lists[i].memory);
    }
    free(s.lists);
    free(s.networks);
    free(memory);
    return status;
}
