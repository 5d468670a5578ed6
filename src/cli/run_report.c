/* One network, from a list, code or a model file, and what is asked about it. */
#include "run_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "terminal.h"

/* What is done with a network that was read. Of pasted code every layer has a row. */
static bool answer(const options *o, list *l, const cnn_network *net, cnn_arena arena,
                   cnn_writer *to, cnn_error *err)
{
    cnn_report_options report = o->report;
    report.all |= net->pasted != NULL;
    if (net->layers[net->output].out.channels == 0 && report.columns.size == 0) {
        static const char known[] = "index,layer,path,params"; /* without sizes there is no more */
        report.columns = (cnn_text){known, sizeof known - 1};
    }
    /* As JSON a summary is a sheet like any other. */
    if (l->claimed.count == 1 && l->claimed.text[0].sheet && o->report.format.size == 0 &&
        cnn_summary_recognise(l->claimed.text[0].text)) {
        bool right = true;
        const bool done = cnn_summary_check(net, l->claimed.text[0].text, to, &right, err);
        l->wrong = !right;
        return done;
    }
    if (gradients_wanted(o, &l->gradients)) {
        return gradients_write(o, &l->gradients, net, arena, to, &l->wrong, err);
    }
    if (l->claimed.count > 0) {
        cnn_check_counts counts = {0};
        const bool done = cnn_check_write(net, l->claimed.text, l->claimed.count, &o->report, arena,
                                          to, &counts, err);
        l->wrong = counts.wrong > 0;
        l->unread = counts.unread > 0;
        return done;
    }
    if (o->like.size > 0) {
        return cnn_like_write(net, o->like, &o->report, arena, to, err);
    }
    const bool explained = (o->asked & FOR(EXPLAIN)) != 0;
    return (explained ? cnn_explain_write : cnn_report_write)(net, &report, arena, to, err);
}

/* Solutions go to standard output, how far was searched to standard error. */
static cnn_solve_options solve_options(const options *o)
{
    return (cnn_solve_options){.format = o->report.format,
                               .wants = o->wants,
                               .want_count = o->want_count,
                               .samples = o->report.samples,
                               .dtype = o->report.dtype,
                               .train = o->report.train,
                               .device = o->report.device,
                               .checkpoint = o->report.checkpoint,
                               .fold = o->fold,
                               .progress = terminal_watch_part};
}

/* The most samples that fit. */
static bool solve_samples(const options *o, list *l, const cnn_network *net, cnn_arena arena,
                          cnn_writer *to, cnn_error *err)
{
    const cnn_solve_options wanted = solve_options(o);
    bool found = true;
    prefix remark = {.word = "remark", .quiet = o->quiet};
    cnn_writer notes = {write_remark, &remark};
    const bool done = cnn_samples_write(net, &wanted, arena, to, &notes, &found, err);
    l->wrong = !found;
    return done;
}

static bool solve(const options *o, list *l, const cnn_settings *settings, cnn_arena arena,
                  cnn_error *err)
{
    const cnn_solve_options wanted = solve_options(o);
    bool found = true;
    prefix remark = {.word = "remark", .quiet = o->quiet};
    cnn_writer to = {stream_write, output};
    cnn_writer notes = {write_remark, &remark};
    const bool done = cnn_solve_write(l->text, settings, &wanted, arena, &to, &notes, &found, err);
    l->wrong = !found;
    return done;
}

static bool report(const options *o, list *l, cnn_arena arena, cnn_error *err)
{
    if (o->want_count > 0 && !o->samples_wanted) {
        /* solving reads the list again and again, with other numbers in place of "?" */
        const cnn_settings settings = list_settings(o, l);
        return solve(o, l, &settings, arena, err);
    }
    cnn_network net = {0};
    cnn_writer to = {stream_write, output};
    prefix remark = {.word = "remark", .quiet = o->quiet}, wrong = {.word = "wrong"};
    cnn_writer remarks = {write_remark, &remark}, mismatches = {write_remark, &wrong};
    if (!list_read(o, l, &arena, &net, err)) {
        /* An input that is turned round may be why a kernel does not fit. */
        if (net.input_count > 0 && net.layer_count == 0 && err->code != CNN_OUT_OF_MEMORY) {
            (void)cnn_remarks_write(&net, &o->report, arena, &remarks);
        }
        return false;
    }
    if ((o->asked & FOR(FIX)) != 0) {
        return cnn_paste_fix_write(&net, &to);
    }
    if (o->fold && !cnn_network_fold(&net, &arena, err)) {
        return false;
    }
    if (o->samples_wanted) {
        return solve_samples(o, l, &net, arena, &to, err);
    }
    /* A remark may be the reason why an answer is called wrong: then it comes first, and once. */
    const bool remarks_wanted = !gradients_wanted(o, &l->gradients);
    if (remarks_wanted && l->claimed.count > 0 && !l->remarked) {
        l->remarked = true;
        (void)cnn_remarks_write(&net, &o->report, arena, &remarks); /* see write_remark */
    }
    if (!answer(o, l, &net, arena, &to, err)) {
        return false;
    }
    /* code whose numbers do not fit is a wrong answer, too */
    l->wrong |= net.pasted != NULL && net.pasted->mismatch_count > 0;
    (void)cnn_mismatches_write(&net, &mismatches);
    if (remarks_wanted && !l->remarked) {
        (void)cnn_remarks_write(&net, &o->report, arena, &remarks);
    }
    return true;
}

/* ---- model files ---- */

/* Whether more is asked about a model than its rows and totals. */
static bool wants_network(const options *o, const list *l)
{
    /* formats that a model is written in node by node, without a network */
    static const char *const own[] = {"", "table", "text", "tsv", "csv", "json"};
    bool plain = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        const size_t size = strlen(own[i]);
        plain = plain || (o->report.format.size == size &&
                          (size == 0 || memcmp(o->report.format.data, own[i], size) == 0));
    }
    return !plain || o->asked != 0 || l->claimed.count > 0 || o->report.columns.size > 0 ||
           o->report.train.size > 0;
}

/* Budgets can be checked for any model. */
static bool make_network(const list *l, cnn_model *model, cnn_arena *arena, cnn_network *net,
                         cnn_error *err)
{
    cnn_arena before = *arena;
    if (cnn_model_network(model, arena, net, err)) {
        return true;
    }
    if (l->claimed.count == 0 || err->code == CNN_OUT_OF_MEMORY) {
        return false;
    }
    *arena = before;
    *err = (cnn_error){0};
    return cnn_model_whole(model, arena, net, err);
}

static bool report_model(const options *o, list *l, cnn_arena arena, cnn_error *err)
{
    const cnn_byte_source from = {source_read, source_skip, l->model};
    cnn_model *model = NULL;
    prefix remark = {.word = "remark", .quiet = o->quiet};
    cnn_writer to = {stream_write, output}, remarks = {write_remark, &remark};
    cnn_network net = {0};
    if (!cnn_model_read(&arena, &from, o->inputs, o->input_count, &model, err)) {
        return false;
    }
    const bool network = wants_network(o, l);
    const bool done =
        network ? make_network(l, model, &arena, &net, err) && answer(o, l, &net, arena, &to, err)
                : cnn_model_write(model, &o->report, arena, &to, err);
    if (done) {
        (void)cnn_model_write_remarks(model, &remarks); /* see write_remark */
    }
    return done;
}

/* A pipe cannot be read twice, so there is room for any graph at once; only what it takes is
 * touched. */
static int run_model(const options *o, list *l)
{
    cnn_error err = {0};
    size_t size;
    void *memory = most_memory(MOST_MEMORY, &size);
    if (memory == NULL) {
        return fail_io("cannot read", l->name, ENOMEM);
    }
    const bool done = report_model(o, l, cnn_arena_over(memory, size), &err);
    const bool unread = err.code == CNN_READ_FAILED;
    if (!done && !unread && err.code != CNN_WRITE_FAILED) {
        show_error(o, l, &err);
    }
    free(memory);
    if (unread) {
        return fail_io("cannot read", l->name, l->model->failure);
    }
    if (!source_close(l->model)) {
        return fail_io("cannot read", l->name, errno);
    }
    const int judged = l->unread ? WRONG_INPUT : l->wrong ? WRONG_ANSWER : FINE;
    return done || err.code == CNN_WRITE_FAILED ? judged
           : err.code == CNN_OUT_OF_MEMORY      ? FAILED_IO
                                                : WRONG_INPUT;
}

/* Most lists fit into the memory at hand; for the others there is all at once. */
static int run_list(const options *o, list *l)
{
    cnn_error err = {0};
    void *memory = NULL;
    size_t size;
    if (!report(o, l, cnn_arena_over(first_memory, FIRST_MEMORY), &err) &&
        err.code == CNN_OUT_OF_MEMORY && (memory = most_memory(MOST_MEMORY, &size)) != NULL) {
        err = (cnn_error){0};
        (void)report(o, l, cnn_arena_over(memory, size), &err); /* see err */
    }
    if (err.code != CNN_OK && err.code != CNN_WRITE_FAILED) {
        show_error(o, l, &err);
    }
    free(memory);
    const int judged = l->unread ? WRONG_INPUT : l->wrong ? WRONG_ANSWER : FINE;
    return err.code == CNN_OK || err.code == CNN_WRITE_FAILED ? judged
           : err.code == CNN_OUT_OF_MEMORY                    ? FAILED_IO
                                                              : WRONG_INPUT;
}

int run_report(const options *o)
{
    static list l; /* like the options in main */
    const char *failed;
    int status = list_load(o, o->operand, &l);
    /* some options can be refused only when it is known what was loaded */
    if (status == FINE && !options_fit_network(o, l.model != NULL)) {
        status = WRONG_INPUT;
    }
    const int failure = status == FINE ? claims_load(o, &l.claimed, &failed) : 0;
    if (failure != 0) {
        status = fail_io("cannot read", failed, failure);
    } else if (status == FINE && !gradients_load(o, &l.claimed, &l.gradients)) {
        status = fail_io("cannot read", l.gradients.failed, errno);
    } else if (status == FINE && l.claimed.count > 0 &&
               !options_fit_claims(o, gradients_wanted(o, &l.gradients))) {
        status = WRONG_INPUT;
    } else if (status == FINE) {
        status = l.model != NULL ? run_model(o, &l) : run_list(o, &l);
    }
    gradients_free(&l.gradients);
    claims_free(&l.claimed);
    free(l.memory);
    return status;
}
