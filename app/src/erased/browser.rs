//! The browser's erased view: a boxed object with the few things that are done with views there.

use std::{
    any::{Any, TypeId},
    future::{Future, ready},
};

use leptos::{
    prelude::{AddAnyAttr, Mountable, Render, RenderHtml},
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{Position, PositionState},
    },
};

/// A view whose type nobody needs to know.
pub(crate) struct Erased(Box<dyn Object>);

/// What an erased view becomes in the document.
pub(crate) struct Built {
    kind: TypeId,
    state: Box<dyn State>,
}

/// What is done with a view, whatever its type.
trait Object: Send {
    fn kind(&self) -> TypeId;
    fn build(self: Box<Self>) -> Box<dyn State>;
    fn rebuild(self: Box<Self>, state: &mut dyn State);
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Box<dyn State>;
}

/// A view's state, which can be had back by its type.
trait State: Mountable {
    fn as_any(&mut self) -> &mut dyn Any;
}

impl<S: Mountable + 'static> State for S {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

impl<T: RenderHtml + 'static> Object for T {
    fn kind(&self) -> TypeId {
        TypeId::of::<T>()
    }

    fn build(self: Box<Self>) -> Box<dyn State> {
        Box::new(Render::build(*self))
    }

    fn rebuild(self: Box<Self>, state: &mut dyn State) {
        // Views of one type have states of one type; the type was compared before.
        if let Some(state) = state.as_any().downcast_mut::<T::State>() {
            Render::rebuild(*self, state);
        }
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Box<dyn State> {
        Box::new(RenderHtml::hydrate::<true>(*self, cursor, position))
    }
}

impl Erased {
    pub(super) fn new(view: impl RenderHtml + 'static) -> Self {
        Self(Box::new(view))
    }
}

impl Render for Erased {
    type State = Built;

    fn build(self) -> Built {
        Built {
            kind: (*self.0).kind(),
            state: self.0.build(),
        }
    }

    fn rebuild(self, built: &mut Built) {
        if (*self.0).kind() == built.kind {
            self.0.rebuild(&mut *built.state);
        } else {
            let mut new = Render::build(self);
            built.insert_before_this(&mut new);
            built.unmount();
            *built = new;
        }
    }
}

impl Mountable for Built {
    fn unmount(&mut self) {
        (*self.state).unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        (*self.state).mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        (*self.state).insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        (*self.state).elements()
    }
}

impl AddAnyAttr for Erased {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Erased {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = Self> + Send {
        ready(self)
    }

    // HTML is written on the server, where another type stands for this one.
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Built {
        Built {
            kind: (*self.0).kind(),
            state: self.0.hydrate(cursor, position),
        }
    }

    fn into_owned(self) -> Self {
        self
    }
}
