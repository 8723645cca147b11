/* Says what pictures show.   classify MODEL.slet PICTURE... */
#include <stdio.h>
#include <swiftlet.h>

static int complain(void) {
    fprintf(stderr, "%s\n", swiftlet_last_error());
    return 1;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: classify MODEL.slet PICTURE...\n");
        return 2;
    }
    swiftlet_model *model = swiftlet_model_open(argv[1]);
    if (model == NULL) return complain();
    swiftlet_session *session = swiftlet_session_create(model, 2);
    swiftlet_model_close(model); /* the session keeps what it needs */
    if (session == NULL) return complain();

    int status = 0;
    for (int i = 2; i < argc; i++) {
        swiftlet_result results[5];
        int count = swiftlet_classify_file(session, argv[i], results, 5);
        if (count < 0) status = complain();
        for (int k = 0; k < count; k++) printf("%s %.6f\n", results[k].label, results[k].probability);
    }
    swiftlet_session_destroy(session);
    return status;
}
