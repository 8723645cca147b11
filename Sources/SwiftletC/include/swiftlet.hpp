// Swiftlet for C++11 and later: swiftlet.h with exceptions, objects that move and give back what they hold, and vectors.
//
//     swiftlet::Model model("m.slet");
//     swiftlet::Session session(model, 2);
//     for (const swiftlet::Prediction &guess : session.classify("cat.jpg")) std::cout << guess.label << ' ' << guess.probability << '\n';
//
// Everything throws swiftlet::Error where swiftlet.h says NULL or -1; what it says of threads and forks holds here too.
#ifndef SWIFTLET_HPP
#define SWIFTLET_HPP

#include "swiftlet.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace swiftlet {

/// Why something could not be done; what() is one line that names the file or the argument.
class Error : public std::runtime_error {
public:
    Error(const std::string &text, swiftlet_error code) : std::runtime_error(text), code_(code) {}
    /// The sort of thing that is wrong.
    swiftlet_error code() const noexcept { return code_; }

private:
    swiftlet_error code_;
};

/// One answer to what a picture shows.
struct Prediction {
    int index;         // of the class, counted from 0
    float probability; // in [0, 1]
    std::string label;
};

/// The sides of what a network takes.
struct InputShape {
    int channels, height, width;
    /// Values of one picture.
    std::size_t count() const { return static_cast<std::size_t>(channels) * height * width; }
};

/// A whole file's bytes in the caller's memory.
struct Bytes {
    const void *data;
    std::size_t size;
};

/// Raw pixels of the caller's, such as a camera's: see swiftlet_classify_pixels.
struct Pixels {
    const uint8_t *data;
    int width, height;
    int stride; // bytes from one row to the next
    swiftlet_format format;
};

namespace detail {

[[noreturn]] inline void fail() { throw Error(swiftlet_last_error(), static_cast<swiftlet_error>(swiftlet_last_error_code())); }

inline int checked(int result) {
    if (result < 0) fail();
    return result;
}

template <typename Value> Value *checked(Value *result) {
    if (result == nullptr) fail();
    return result;
}

struct Close {
    void operator()(swiftlet_model *model) const noexcept { swiftlet_model_close(model); }
    void operator()(swiftlet_session *session) const noexcept { swiftlet_session_destroy(session); }
};

} // namespace detail

/// A model file, read, checked and packed. Any number of threads and sessions may use one; it may be destroyed before its sessions.
class Model {
public:
    explicit Model(const std::string &path) : model_(detail::checked(swiftlet_model_open(path.c_str()))) {}
    /// The bytes of a .slet file, of which nothing is kept.
    explicit Model(Bytes file) : model_(detail::checked(swiftlet_model_open_bytes(file.data, file.size))) {}

    std::string name() const { return detail::checked(swiftlet_model_name(get())); }
    int class_count() const { return detail::checked(swiftlet_model_class_count(get())); }
    /// "class N" where the file has no names.
    std::string label(int index) const { return detail::checked(swiftlet_model_label(get(), index)); }
    std::string instruction_set() const { return detail::checked(swiftlet_model_instruction_set(get())); }

    InputShape input_shape() const {
        InputShape shape = {0, 0, 0};
        detail::checked(swiftlet_model_input_shape(get(), &shape.channels, &shape.height, &shape.width));
        return shape;
    }

    /// The names of all classes, or nothing where the file has no names.
    std::vector<std::string> labels() const {
        std::vector<std::string> labels;
        int count = detail::checked(swiftlet_model_label_count(get()));
        for (int i = 0; i < count; i++) labels.push_back(label(i));
        return labels;
    }

    /// Where the file came from: keys and values in its order.
    std::vector<std::pair<std::string, std::string>> provenance() const {
        std::vector<std::pair<std::string, std::string>> entries;
        int count = detail::checked(swiftlet_model_provenance_count(get()));
        for (int i = 0; i < count; i++) {
            const char *key = nullptr, *value = nullptr;
            detail::checked(swiftlet_model_provenance(get(), i, &key, &value));
            entries.emplace_back(key, value);
        }
        return entries;
    }

    /// For swiftlet.h; null once it has been moved from.
    swiftlet_model *get() const noexcept { return model_.get(); }

private:
    std::unique_ptr<swiftlet_model, detail::Close> model_;
};

/// What runs a model. One for each thread that answers at the same time.
class Session {
public:
    /// threads: that work on one picture, 1 or more.
    explicit Session(const Model &model, int threads = 1) : session_(detail::checked(swiftlet_session_create(model.get(), threads))) {
        shape_ = model.input_shape();
        classes_ = model.class_count();
    }

    /// A picture file: JPEG, PNG, or binary PPM or PGM. The most probable answer comes first.
    std::vector<Prediction> classify(const std::string &path, int top = 5) {
        return predictions(top, [&](swiftlet_result *results, int count) {
            return swiftlet_classify_file(get(), path.c_str(), results, count);
        });
    }

    /// The bytes of a picture file.
    std::vector<Prediction> classify(Bytes file, int top = 5) {
        return predictions(top, [&](swiftlet_result *results, int count) {
            return swiftlet_classify_image(get(), file.data, file.size, results, count);
        });
    }

    std::vector<Prediction> classify(const Pixels &pixels, int top = 5) {
        return predictions(top, [&](swiftlet_result *results, int count) {
            return swiftlet_classify_pixels(get(), pixels.data, pixels.width, pixels.height, pixels.stride, pixels.format, results, count);
        });
    }

    /// Normalized values, [pictures][channels][height][width], to [pictures][classes].
    std::vector<float> run(const std::vector<float> &input) {
        std::vector<float> output(input.size() / shape_.count() * static_cast<std::size_t>(classes_));
        run(input.data(), input.size(), output.data(), output.size());
        return output;
    }

    /// The same into the caller's memory; returns how many values were written.
    int run(const float *input, std::size_t count, float *output, std::size_t capacity) {
        return detail::checked(swiftlet_run(get(), input, count, output, capacity));
    }

    int threads() const { return detail::checked(swiftlet_session_threads(get())); }

    /// What the network took in the last call.
    double microseconds() const {
        double time = swiftlet_session_microseconds(get());
        if (time < 0) detail::fail();
        return time;
    }

    /// For swiftlet.h; null once it has been moved from.
    swiftlet_session *get() const noexcept { return session_.get(); }

private:
    template <typename Classify> std::vector<Prediction> predictions(int top, Classify classify) {
        std::vector<swiftlet_result> results(static_cast<std::size_t>(top < 1 ? 1 : top < classes_ ? top : classes_));
        int count = detail::checked(classify(results.data(), top < 1 ? top : static_cast<int>(results.size())));
        std::vector<Prediction> predictions;
        for (int i = 0; i < count; i++) predictions.push_back({results[i].index, results[i].probability, results[i].label});
        return predictions;
    }

    std::unique_ptr<swiftlet_session, detail::Close> session_;
    InputShape shape_ = {0, 0, 0};
    int classes_ = 0;
};

} // namespace swiftlet

#endif
